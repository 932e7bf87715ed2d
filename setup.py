"""Names the packages to ship: everything under src, and the shipped files in resources."""

from setuptools import find_packages, setup

setup(packages=[*find_packages("src"), "fundtrack.resources"])
