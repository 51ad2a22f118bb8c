"""Police case handling system (公安执法办案系统): SOAP query service."""
