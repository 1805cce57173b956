"""What Windows itself brings along, before an image adds anything."""
