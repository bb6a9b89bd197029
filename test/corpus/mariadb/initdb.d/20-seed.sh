#!/bin/sh
echo "seeding"
