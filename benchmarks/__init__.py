"""How long the plugin takes, side by side with the parser and with other linters, as ratios of one run."""
