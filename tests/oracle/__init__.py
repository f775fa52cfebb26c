# SPDX-License-Identifier: Apache-2.0
"""A second, independent implementation of the domain rules, to check the server account by account.

    from oracle.book import Book
    from oracle import rules
    book = Book.load(shelf)            # a shelf: records as the API takes them, see book.py
    review = rules.review(book)        # everything a review freezes
    scores = rules.score(book, review) # organisation id -> Classification
    rules.let_go(book, review)         # the list, its budget and its order
"""
