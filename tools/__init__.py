"""What the product is made and measured with; nothing here is part of it."""
