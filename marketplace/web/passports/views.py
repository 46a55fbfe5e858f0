from flask import Blueprint

blueprint = Blueprint("passports", __name__)
