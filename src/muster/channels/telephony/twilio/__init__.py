"""Twilio (https://www.twilio.com/docs): text messages and calls over its REST API, receipts and answers by its callbacks."""
