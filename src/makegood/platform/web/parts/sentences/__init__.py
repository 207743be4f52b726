"""What the law says in English, said in the language of the reader."""
