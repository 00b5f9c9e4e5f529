"""How a regimen is printed: screens, pages, cards, calendars and pictures of `dose`, `plan` and `table`."""
