"""Messages: mail, mailboxes and chat exports, with senders and times as written."""
