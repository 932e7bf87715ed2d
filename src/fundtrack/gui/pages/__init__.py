"""The pages: values come in, wishes go out, and no page knows another."""
