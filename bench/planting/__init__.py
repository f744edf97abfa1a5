"""Plants failures into real packages and judges what a repair made of them."""
