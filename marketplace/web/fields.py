"""Form fields that read what Dutch people type."""
