"""Puts older names on one line, so that the constraint fits every row."""

import re

NOT_IN_A_NAME = r"[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"


def put_on_one_line(model, field, otherwise, *, once_in=None):
    """Replace what no name has by blanks. A name of nothing else becomes that of the column `otherwise`.

    `once_in`: the column within which a name is there once; a second one gets the id of its row.
    """
    for row in model.objects.filter(**{f"{field}__regex": NOT_IN_A_NAME}).only("pk", field, otherwise):
        name = " ".join(re.sub(NOT_IN_A_NAME, " ", getattr(row, field)).split()) or str(getattr(row, otherwise))
        if once_in:
            same = model.objects.filter(**{once_in: getattr(row, once_in), field: name}).exclude(pk=row.pk)
            name = f"{name[:180]} {row.pk}" if same.exists() else name
        model.objects.filter(pk=row.pk).update(**{field: name})
