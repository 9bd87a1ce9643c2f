"""How browser components of our own are made known to Streamlit."""
