"""From FHIR resources, R4 and R5, to the same order sets; what is wrong with the resources is a defect of these."""
