"""The two vendors' APIs, without Django: pure wire modules, one transport, one error per consequence."""
