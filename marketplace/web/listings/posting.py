"""Offering: the form, the photos, and the own offers of an organisation."""
