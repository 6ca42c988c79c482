"""The settings of a connection about items: which item a product gets, and what a new one has."""

from django.utils.translation import gettext_lazy as _

from connector.domain import choices
from connector.flow.setup.provision.schema import code, flag
from connector.flow.setup.setting import Group, Setting, one_of
from connector.models import MasterData

Kind = MasterData.Kind

ITEMS = Group(
    _("Items"),
    (
        Setting(
            "items.strategy",
            "item_strategy",
            one_of(choices.ItemStrategy),
            _("Item of a product"),
            help=_(
                "Exact needs an item on each line of an invoice. By SKU: the item whose code is the product's SKU. "
                "An item that is made has the SKU as its code; a product without a SKU gets the item for other "
                "products."
            ),
            brief=_("Products"),
        ),
        Setting(
            "items.new_group",
            "item_new_group",
            code,
            _("Item group of new items"),
            help=_("Exact takes the GL accounts of a new item from its group. None: the division's default group."),
            kind=Kind.ITEM_GROUP,
        ),
        Setting(
            "items.new_unit",
            "item_new_unit",
            code,
            _("Unit of new items"),
            help=_("None: the division's main unit."),
            kind=Kind.UNIT,
        ),
        Setting(
            "items.new_vat_code",
            "item_new_vat_code",
            code,
            _("VAT code of new items"),
            help=_("For what people enter in Exact themselves: our invoices have a VAT code on each line."),
            kind=Kind.VAT_CODE,
        ),
        Setting(
            "items.new_stock",
            "item_new_stock",
            flag,
            _("New items are stock items"),
            help=_("Exact keeps the stock of such an item. It needs a licence with stock."),
        ),
        Setting(
            "items.bundles",
            "item_bundles",
            one_of(choices.Bundles),
            _("Items of a bundle"),
            help=_("A bundle is a product that the shop sells with parts that cost nothing themselves."),
        ),
        Setting("items.handling", "item_handling", code, _("Item for handling"), kind=Kind.ITEM, brief=_("Handling")),
        Setting(
            "items.wrapping",
            "item_wrapping",
            code,
            _("Item for gift wrapping"),
            kind=Kind.ITEM,
            brief=_("Gift wrapping"),
        ),
        Setting("items.fee", "item_fee", code, _("Item for fees"), kind=Kind.ITEM, brief=_("Fees")),
        Setting(
            "items.gift_certificate",
            "item_gift_certificate",
            code,
            _("Item for gift certificates sold"),
            help=_("Usually one that is booked to a liability account."),
            kind=Kind.ITEM,
            brief=_("Gift certificates"),
        ),
        Setting(
            "items.rounding",
            "item_rounding",
            code,
            _("Item for rounding"),
            help=_("For the line that makes up for a rounding difference."),
            kind=Kind.ITEM,
            brief=_("Rounding"),
        ),
    ),
)
