"""Error records as objects: what an error is to the next command where errors are merged into the output."""

from __future__ import annotations

from engine.rehearsal.windows.powershell.records import ErrorRecord, PsEnum, PsObject

ERROR_RECORD = "System.Management.Automation.ErrorRecord"
_CATEGORY_INFO = "System.Management.Automation.ErrorCategoryInfo"


def error_object(error: ErrorRecord) -> PsObject:
    """The record with the properties that scripts look at."""
    category = PsObject(
        (_CATEGORY_INFO, "System.Object"),
        {
            "Category": PsEnum(
                "System.Management.Automation.ErrorCategory", error.category.name, error.category
            ),
            "Activity": error.activity,
            "Reason": error.reason,
            "TargetName": error.target_name,
            "TargetType": error.target_type,
        },
    )
    exception = PsObject(
        (error.exception_type, "System.Exception", "System.Object"),
        {"Message": error.message},
        f"{error.exception_type}: {error.message}",
    )
    properties = {
        "Exception": exception,
        "TargetObject": error.target_name or None,
        "CategoryInfo": category,
        "FullyQualifiedErrorId": error.error_id,
    }
    return PsObject((ERROR_RECORD, "System.Object"), properties, error.message)
