<!doctype html><title>Guestbook</title>
