"""Says what has become of the findings of a report that people read: what is there still, what is gone."""
