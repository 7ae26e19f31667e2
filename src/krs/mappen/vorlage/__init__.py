"""The forms that go out: built once per version, stamped per municipality."""
