"""Pictures of graphs: what to draw (`picture`), where to put it (`layout`), and the drawing itself (`svg`)."""
