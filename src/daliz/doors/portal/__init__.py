"""The declarants' portal: register by form or file, follow, answer, be told; a company of several people."""
