"""What the hub does: sync, project, accept, deliver, answer."""
