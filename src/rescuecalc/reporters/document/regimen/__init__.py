"""Documents of a patient's regimen: dose, plan, table, stop, rate, renal function, protocol."""
