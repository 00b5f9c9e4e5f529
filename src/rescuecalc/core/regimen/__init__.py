"""The arithmetic of one patient: a protocol, a dosing weight and products, made into doses, rates and times."""
