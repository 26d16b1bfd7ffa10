# Exact variance after each rectification, over its limit
# gnuplot rectified_variance.gp   draws rectified_variance.svg from rectified_variance.csv, all beside this script.
# rsvg-convert -f pdf -o rectified_variance.pdf rectified_variance.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 2.1 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,202 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'rectified_variance'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > rectified_variance.svg"

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
set xrange [3:20000]
set yrange [0:1.6]
set ytics 0.2


# Panel 1.
set margins screen 0.0886, screen 0.3709, screen 0.1852, screen 0.7884
set title '{/:Italic β}_2 = 0.9' offset 0,-0.7
set format x '10^{%T}'
set format y '%.1f'
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel 'Var[{/:Italic r ψ_t}] / limit' offset 0.3,0
plot 'rectified_variance.csv' using 't':(cell_where('beta2', 0.9, 'unrectified')) with lines linetype 4 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.9, 'rectified_exact')) with lines linetype 1 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.9, 'rectified_first_order')) with lines linetype 3 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.9, 'rectified_closed_form')) with lines linetype 2 linewidth 1.2

# Panel 2.
set margins screen 0.3951, screen 0.6774, screen 0.1852, screen 0.7884
set title '{/:Italic β}_2 = 0.99' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'rectified_variance.csv' using 't':(cell_where('beta2', 0.99, 'unrectified')) with lines linetype 4 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.99, 'rectified_exact')) with lines linetype 1 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.99, 'rectified_first_order')) with lines linetype 3 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.99, 'rectified_closed_form')) with lines linetype 2 linewidth 1.2

# Panel 3.
set margins screen 0.7016, screen 0.9839, screen 0.1852, screen 0.7884
set title '{/:Italic β}_2 = 0.999' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'rectified_variance.csv' using 't':(cell_where('beta2', 0.999, 'unrectified')) with lines linetype 4 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.999, 'rectified_exact')) with lines linetype 1 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.999, 'rectified_first_order')) with lines linetype 3 linewidth 1.2, \
     '' using 't':(cell_where('beta2', 0.999, 'rectified_closed_form')) with lines linetype 2 linewidth 1.2

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9074, screen 0.9868
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
plot [0:1] [0:1] NaN with lines linetype 4 linewidth 1.2 title 'not rectified', \
     NaN with lines linetype 3 linewidth 1.2 title '{/:Italic r_t} of the paper', \
     NaN with lines linetype 2 linewidth 1.2 title '{/:Italic r} from Eq. 2', \
     NaN with lines linetype 1 linewidth 1.2 title '{/:Italic r} from the exact law'
unset multiplot

unset output
