"""The tables of the Windows Installer schema that the built packages use (Windows Installer SDK)."""

from engine.rehearsal.media.database import Column, Table

PROPERTY = Table("Property", (Column("Property", "s72", key=True), Column("Value", "l0")))
DIRECTORY = Table(
    "Directory",
    (Column("Directory", "s72", key=True), Column("Directory_Parent", "S72"), Column("DefaultDir", "l255")),
)
COMPONENT = Table(
    "Component",
    (
        Column("Component", "s72", key=True),
        Column("ComponentId", "S38"),
        Column("Directory_", "s72"),
        Column("Attributes", "i2"),
        Column("Condition", "S255"),
        Column("KeyPath", "S72"),
    ),
)
FEATURE = Table(
    "Feature",
    (
        Column("Feature", "s38", key=True),
        Column("Feature_Parent", "S38"),
        Column("Title", "L64"),
        Column("Description", "L255"),
        Column("Display", "I2"),
        Column("Level", "i2"),
        Column("Directory_", "S72"),
        Column("Attributes", "i2"),
    ),
)
FEATURE_COMPONENTS = Table(
    "FeatureComponents", (Column("Feature_", "s38", key=True), Column("Component_", "s72", key=True))
)
FILE = Table(
    "File",
    (
        Column("File", "s72", key=True),
        Column("Component_", "s72"),
        Column("FileName", "l255"),
        Column("FileSize", "i4"),
        Column("Version", "S72"),
        Column("Language", "S20"),
        Column("Attributes", "I2"),
        Column("Sequence", "i4"),
    ),
)
MEDIA = Table(
    "Media",
    (
        Column("DiskId", "i2", key=True),
        Column("LastSequence", "i4"),
        Column("DiskPrompt", "L64"),
        Column("Cabinet", "S255"),
        Column("VolumeLabel", "S32"),
        Column("Source", "S72"),
    ),
)
REGISTRY = Table(
    "Registry",
    (
        Column("Registry", "s72", key=True),
        Column("Root", "i2"),
        Column("Key", "l255"),
        Column("Name", "L255"),
        Column("Value", "L0"),
        Column("Component_", "s72"),
    ),
)
UPGRADE = Table(
    "Upgrade",
    (
        Column("UpgradeCode", "s38", key=True),
        Column("VersionMin", "S20", key=True),
        Column("VersionMax", "S20", key=True),
        Column("Language", "S255", key=True),
        Column("Attributes", "i4", key=True),
        Column("Remove", "S255"),
        Column("ActionProperty", "s72"),
    ),
)
LAUNCH_CONDITION = Table(
    "LaunchCondition", (Column("Condition", "s255", key=True), Column("Description", "l255"))
)
EXECUTE_SEQUENCE = Table(
    "InstallExecuteSequence",
    (Column("Action", "s72", key=True), Column("Condition", "S255"), Column("Sequence", "I2")),
)
