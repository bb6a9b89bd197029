return { title = os.getenv "PAGES_TITLE" or "Pages", port = tonumber(os.getenv "PORT") or 8080 }
