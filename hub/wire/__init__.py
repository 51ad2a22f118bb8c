"""The one room for zeep, aiohttp and lxml: bytes in, bytes out, bytes to trees."""
