"""Problems, what is changed because of them or for other reasons, and how changes reach those who use a service."""
