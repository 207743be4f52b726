"""What charts show: options to draw by, the words for those who do not see them, and the figures behind them."""
