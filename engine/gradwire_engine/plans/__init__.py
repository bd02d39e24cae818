"""Plans: graphs made into what runs fast, step by step."""
