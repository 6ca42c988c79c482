"""The form in which a person types what was given back of an invoice: the amount and the lines."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.domain.document.states import LONGEST_REASON
from connector.domain.money import minor_digits, total
from connector.flow.actions.credit_amount import Rest, credit_amount
from connector.flow.actions.transaction import NotPossible
from connector.models import OrderSync
from tenants.models import User


class CreditAmountForm(forms.Form):
    """The amount in all, a part of each line, and the reason. What remains stands beside each field."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The history keeps it, with your name."),
    )

    def __init__(self, *args: Any, document: OrderSync, rest: Rest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document, self.rest = document, rest
        self.fields["amount"] = _field(_("Amount, VAT included"), rest.total, rest, required=True)
        for key, (name, left) in rest.lines.items():
            self.fields[key] = _field(name, left, rest, required=False)
        self.order_fields(["amount", *rest.lines, "reason"])

    def clean(self) -> dict[str, Any]:
        """Compare the lines with the amount. Raises ValidationError at the field."""
        cleaned = super().clean() or {}
        amount, lines = cleaned.get("amount"), self.lines
        if amount is not None and lines and total(lines.values()) != amount:
            text = _("The lines add up to %(sum)s. Without lines it is an amount for the order as a whole.")
            raise ValidationError({"amount": text % {"sum": total(lines.values())}})
        return cleaned

    @property
    def lines(self) -> dict[str, Decimal]:
        """The typed part of each line, by its key."""
        return {key: part for key in self.rest.lines if (part := self.cleaned_data.get(key))}

    def act(self, actor: User | None) -> bool:
        """Credit what was typed; returns whether that was possible. Else the form has the error, at the amount."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        try:
            credit_amount(self.document, actor, given["reason"].strip(), given["amount"], self.lines)
        except NotPossible as error:
            self.add_error("amount", str(error))
            return False
        return True


def _field(label: str, left: Decimal, rest: Rest, *, required: bool) -> forms.DecimalField:
    """A field for an amount. A line may take more than what an amount for the whole order left of it."""
    digits = minor_digits(rest.currency)
    return forms.DecimalField(
        label=label,
        help_text=_("%(rest)s %(currency)s remains.") % {"rest": left, "currency": rest.currency},
        required=required,
        min_value=Decimal(1).scaleb(-digits),
        max_value=rest.total,
        decimal_places=digits,
    )
