"""Repairs of files that their parser refuses: exact families first, the model last."""
