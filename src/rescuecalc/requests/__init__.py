"""What a command is asked, as texts, and the document that answers: for the command line and for other programs."""
