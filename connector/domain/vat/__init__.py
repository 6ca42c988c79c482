"""Which VAT code a line has.

rates        the rate that the shop charged
codes        the VAT code for that rate
business     foreign VAT that a business was charged
exemption    what a sale without VAT must prove
destination  where a charge for the whole order goes
sold         what a store sold: where each line is taxed, and at which rate
split        shipping and handling of several rates, a part at each
"""
