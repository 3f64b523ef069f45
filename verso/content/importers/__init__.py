"""Import of Markdown folders, as Zola, Hugo and Jekyll have them."""
