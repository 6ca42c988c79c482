"""The installation: settings from the environment, addresses, logs, and what gunicorn serves.

settings     every setting, read from the environment and from `.env`
environment  reads one variable; what is missing or rubbish is a sentence
startup      what a process looks at before it begins
fresh_env    writes a first `.env`
exact_apps   the portal's own apps at Exact
urls         every address
navigation   the portal's looks and its side bar
package_templates  the templates of packages, without their indentation
headers      what a browser may do with a page
debug_page   the error page of DEBUG, without passwords
logs         one line an event, to standard error
formats      days and times in each language
mail         mails to standard error, for a first look
apps         the admin app with the portal's own site
wsgi         what gunicorn serves
"""
