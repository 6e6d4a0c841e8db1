"""Sound and video: what their containers state, and transcripts with seconds."""
