"""Reading what is typed: options, quantities, clock times, the patient, the choices of a regimen."""
