# The factor on the step size of each method (float64)
# gnuplot schedule.gp   draws schedule.svg from schedule-curves.csv, schedule-marks.csv, all beside this script.
# rsvg-convert -f pdf -o schedule.pdf schedule.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 3.35 by 5.25 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 322,504 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'schedule'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > schedule.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot
set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10
set xrange [1:2000]
set yrange [1e-2:1.8]
set key bottom right Left reverse samplen 1.6 spacing 0.95 width -2 font ',7' opaque

# Panel 1.
set margins screen 0.1575, screen 0.9668, screen 0.649, screen 0.8889
set title 'RAdam, {/:Italic β}_2 = 0.9, {/:Italic T}_w = 28.8' offset 0,-0.7
set format x ''
set format y '10^{%T}'
set xlabel '' offset 0,0.5
set ylabel 'multiplier' offset 0.3,0
plot 'schedule-curves.csv' using 't':(cell_where('panel', 1, 'linear_warmup')) with lines linecolor rgb '#777777' linewidth 0.7 dashtype solid, \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'paper')) with lines linecolor rgb '#e69f00' linewidth 4.6 dashtype solid title 'paper, from 5', \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'authors')) with lines linecolor rgb '#0072b2' linewidth 3 dashtype solid title 'authors, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'torch')) with lines linecolor rgb '#56b4e9' linewidth 1.7 dashtype solid title 'torch, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'optax')) with lines linecolor rgb '#000000' linewidth 0.6 dashtype solid title 'optax, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'paper momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#e69f00' pointsize 0.85, \
     'schedule-marks.csv' using 't':(cell_where('panel', 1, 'mark paper')) with points pointtype 7 linecolor rgb '#e69f00' pointsize 0.85, \
     'schedule-marks.csv' using 't':(cell_where('panel', 1, 'mark authors')) with points pointtype 7 linecolor rgb '#0072b2' pointsize 0.62, \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'torch momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#56b4e9' pointsize 0.42, \
     'schedule-marks.csv' using 't':(cell_where('panel', 1, 'mark torch')) with points pointtype 7 linecolor rgb '#56b4e9' pointsize 0.42, \
     'schedule-curves.csv' using 't':(cell_where('panel', 1, 'optax momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#000000' pointsize 0.22, \
     'schedule-marks.csv' using 't':(cell_where('panel', 1, 'mark optax')) with points pointtype 7 linecolor rgb '#000000' pointsize 0.22

# Panel 2.
set margins screen 0.1575, screen 0.9668, screen 0.3616, screen 0.6014
set title 'RAdam, {/:Italic β}_2 = 0.99, {/:Italic T}_w = 214.7' offset 0,-0.7
set format x ''
set format y '10^{%T}'
set xlabel '' offset 0,0.5
set ylabel 'multiplier' offset 0.3,0
plot 'schedule-curves.csv' using 't':(cell_where('panel', 2, 'linear_warmup')) with lines linecolor rgb '#777777' linewidth 0.7 dashtype solid, \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'paper')) with lines linecolor rgb '#e69f00' linewidth 4.6 dashtype solid title 'paper, from 5', \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'authors')) with lines linecolor rgb '#0072b2' linewidth 3 dashtype solid title 'authors, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'torch')) with lines linecolor rgb '#56b4e9' linewidth 1.7 dashtype solid title 'torch, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'optax')) with lines linecolor rgb '#000000' linewidth 0.6 dashtype solid title 'optax, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'paper momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#e69f00' pointsize 0.85, \
     'schedule-marks.csv' using 't':(cell_where('panel', 2, 'mark paper')) with points pointtype 7 linecolor rgb '#e69f00' pointsize 0.85, \
     'schedule-marks.csv' using 't':(cell_where('panel', 2, 'mark authors')) with points pointtype 7 linecolor rgb '#0072b2' pointsize 0.62, \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'torch momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#56b4e9' pointsize 0.42, \
     'schedule-marks.csv' using 't':(cell_where('panel', 2, 'mark torch')) with points pointtype 7 linecolor rgb '#56b4e9' pointsize 0.42, \
     'schedule-curves.csv' using 't':(cell_where('panel', 2, 'optax momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#000000' pointsize 0.22, \
     'schedule-marks.csv' using 't':(cell_where('panel', 2, 'mark optax')) with points pointtype 7 linecolor rgb '#000000' pointsize 0.22

# Panel 3.
set margins screen 0.1575, screen 0.9668, screen 0.0741, screen 0.3139
set title 'RAdam, {/:Italic β}_2 = 0.999, {/:Italic T}_w = 2067.6' offset 0,-0.7
set format x '10^{%T}'
set format y '10^{%T}'
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel 'multiplier' offset 0.3,0
plot 'schedule-curves.csv' using 't':(cell_where('panel', 3, 'linear_warmup')) with lines linecolor rgb '#777777' linewidth 0.7 dashtype solid, \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'paper')) with lines linecolor rgb '#e69f00' linewidth 4.6 dashtype solid title 'paper, from 5', \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'authors')) with lines linecolor rgb '#0072b2' linewidth 3 dashtype solid title 'authors, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'torch')) with lines linecolor rgb '#56b4e9' linewidth 1.7 dashtype solid title 'torch, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'optax')) with lines linecolor rgb '#000000' linewidth 0.6 dashtype solid title 'optax, from 6', \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'paper momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#e69f00' pointsize 0.85, \
     'schedule-marks.csv' using 't':(cell_where('panel', 3, 'mark paper')) with points pointtype 7 linecolor rgb '#e69f00' pointsize 0.85, \
     'schedule-marks.csv' using 't':(cell_where('panel', 3, 'mark authors')) with points pointtype 7 linecolor rgb '#0072b2' pointsize 0.62, \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'torch momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#56b4e9' pointsize 0.42, \
     'schedule-marks.csv' using 't':(cell_where('panel', 3, 'mark torch')) with points pointtype 7 linecolor rgb '#56b4e9' pointsize 0.42, \
     'schedule-curves.csv' using 't':(cell_where('panel', 3, 'optax momentum')) with points pointtype 6 linewidth 0.8 linecolor rgb '#000000' pointsize 0.22, \
     'schedule-marks.csv' using 't':(cell_where('panel', 3, 'mark optax')) with points pointtype 7 linecolor rgb '#000000' pointsize 0.22

# The legend, as an empty plot.
set margins screen 0.0166, screen 0.9834, screen 0.9312, screen 0.9947
unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset label
unset arrow
unset object
unset logscale
set key inside center center horizontal Left reverse
plot [0:1] [0:1] NaN with points linetype 1 pointtype 7 pointsize 0.5 title 'first rectified step', \
     NaN with points linetype 1 pointtype 6 pointsize 0.5 title 'momentum step', \
     NaN with lines linecolor rgb '#777777' linewidth 0.7 dashtype solid title 'linear warmup, {/:Italic T}_w steps'
unset multiplot

unset output
