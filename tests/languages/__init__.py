"""The texts of the portal in other languages than English: `make languages` brings their files up to date.

extract    finds the texts in code and templates
catalogue  reads and writes the files of a language
"""
