"""Measuring as SQL that DuckDB and Spark both understand: whole numbers only, and those that the law finds.

Tables have fixed names; a view gives any file or table such a name. Some columns are named like words of SQL, as
``at`` and ``case``, so every column is named together with its table, which both understand without quotes. There is no
division, because what ``/`` gives differs, and no sum without a cast, because how wide it is differs too.
"""
