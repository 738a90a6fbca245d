"""The WRITE line after HTTP: document -> blocks -> chunks -> vectors -> rows."""
