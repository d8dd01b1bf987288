"""社会数据: what people and firms give of their own will, on their conditions, and take back as was said."""
