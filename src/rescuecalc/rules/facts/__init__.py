"""What several families of rules ask of an order set; no rule is declared here."""
