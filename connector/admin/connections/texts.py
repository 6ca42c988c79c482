"""What a connection's settings are called and mean, for a bookkeeper."""

LABELS = {
    "start_date": "First day",
    "finalize": "Print invoices",
    "invoice_template": "Invoice template",
    "document": "Kind of document",
    "invoice_date": "Date of the invoice",
    "closed_period": "When its period is closed",
    "post_statuses": "Statuses that are invoiced",
    "test_orders": "Invoice test orders",
    "cancellations": "When an invoiced order is cancelled",
    "refunds": "When an invoiced order is refunded",
    "edits": "When an invoiced order is edited",
    "order_refund_vat": "VAT of a refund of the whole order",
    "credit_sign": "How a credit note is written",
    "customer_strategy": "Customers with an account in the shop",
    "guest_strategy": "Guests",
    "collective_account": "Collective account",
    "vat_number_fields": "Form fields with a VAT number",
    "item_strategy": "Item of a product",
    "item_default": "Item for other products",
    "item_shipping": "Item for shipping",
    "item_handling": "Item for handling",
    "item_wrapping": "Item for gift wrapping",
    "item_fee": "Item for fees",
    "item_gift_certificate": "Item for gift certificates sold",
    "item_rounding": "Item for rounding",
    "rounding_limit": "Largest rounding difference",
    "rounding_gl_account": "GL account for rounding",
    "vat_rounding": "Exact rounds VAT",
    "force_vat": "Send the shop's VAT amount",
    "gift_certificates": "VAT of gift certificates",
    "payments": "Payments",
    "receipt_journal": "Journal of receipts",
    "receivable_account": "GL account of receivables",
    "gift_certificate_account": "GL account of redeemed gift certificates",
    "store_credit_account": "GL account of used store credit",
}

HELP = {
    "mode": "Off: orders are kept and nothing is called. Shadow: they are translated and shown, nothing is posted. "
    "Approval: a person approves each draft. Live: they are posted.",
    "schedule": "When orders are released: immediate · every:15m · hourly · daily:02:30 · manual (only by Run now). "
    "A window limits the hours: daily:02:30 window=22:00-06:00. Times are your organisation's.",
    "start_date": "Orders placed before this day, in the store's time zone, are skipped.",
    "journal": "A sales journal of the division. Invoices are numbered and booked in it.",
    "document": "An invoice has an item on each line, is compared while it is open, and is printed. A sales entry is "
    "a booking without items: it is final the moment it is sent, so it needs VAT codes that exclude VAT, and each line "
    "is sent with its VAT. A change is for documents of which nothing was sent yet.",
    "finalize": "Print each invoice with the template: it is numbered, booked and final then. "
    "Otherwise it stays open in Exact.",
    "invoice_template": "The document layout that invoices are printed with.",
    "invoice_date": "The day the order was placed, in the store's time zone, or the day it is posted. It is given when "
    "the invoice is printed: when invoices stay open, it cannot act, and Exact dates them. Sales entries always have "
    "it.",
    "closed_period": "What to do with an invoice whose date falls into a period that Exact has closed.",
    "post_statuses": "An order is invoiced once it has one of these. Statuses are named as BigCommerce names them; "
    "your shop may show another name. Partially Refunded and Refunded count in any case: such an order was sold.",
    "test_orders": "Orders paid through the test payment gateway. Not for a real division.",
    "order_refund_vat": "BigCommerce does not say which lines such a refund is for.",
    "credit_sign": "With negative quantities or with negative prices.",
    "customer_strategy": "Matching goes by VAT number and e-mail address.",
    "guest_strategy": "Customers who ordered without an account in the shop.",
    "collective_account": "The account in Exact that orders go to which have no customer of their own. Needed when "
    "customers or guests go to it.",
    "vat_number_fields": "Names of the fields in which your shop asks for a VAT number, one a line. An order with a "
    "valid one counts as business to business.",
    "item_strategy": "Exact needs an item on each line of an invoice. By SKU: the item whose code is the product's "
    "SKU.",
    "item_default": "For products whose SKU is no item of the division.",
    "item_gift_certificate": "Usually one that is booked to a liability account.",
    "item_rounding": "For the line that makes up for a rounding difference.",
    "rounding_limit": "In the order's currency. When Exact would compute another total than the customer paid, a line "
    "of at most this amount makes up for it. A larger difference holds the order. 0.00: each difference does.",
    "rounding_gl_account": "Where that line is booked.",
    "vat_rounding": "As in the division's settings: on each line of an invoice, or once per VAT code. Of sales entries "
    "each line is sent with its VAT.",
    "force_vat": "Where Exact would compute a line's VAT a cent off, send the shop's. Only with rounding per line.",
    "gift_certificates": "A certificate for goods of several VAT rates (multi-purpose) is taxed when it is redeemed, "
    "one for a single rate when it is sold.",
    "payments": "Book what the payment gateway took, against the customer. Otherwise a document says how much store "
    "credit and gift certificates are to be settled by hand.",
    "receipt_journal": "The code of a bank or payment-service journal.",
    "receivable_account": "None: the division's account of that type, when there is one only.",
}
