"""What is wrong, dangerous or doubtful in a translation: refused, warned about, or noted."""
