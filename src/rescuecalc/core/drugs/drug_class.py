"""Classes of drugs: rules that hold for a class ask for it, and not for a list of names."""

from enum import StrEnum


class DrugClass(StrEnum):
    """What a drug is, as far as rules ask. Its value is the class's id in the data."""

    GP_IIB_IIIA = "gp-iib-iiia"
    P2Y12_IV = "p2y12-iv"
    P2Y12_ORAL = "p2y12-oral"
    COX = "cox"
    THROMBOLYTIC = "thrombolytic"
    ANTICOAGULANT = "anticoagulant"
    NSAID = "nsaid"
    PROTON_PUMP_INHIBITOR = "proton-pump-inhibitor"
    SECOND_AGENT = "second-agent"
